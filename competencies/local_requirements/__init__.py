"""What one organisation asks on top of the national edition: added and ended by its capability leads, and kept."""
