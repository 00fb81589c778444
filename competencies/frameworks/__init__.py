"""Framework definitions as reviewed data files, and the reader that refuses a broken one."""
