"""The yearly practice conversation: several pieces of practice in one visit, each with its own decision."""
