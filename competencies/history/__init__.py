"""What became of what people hold, told afterwards; and everything that happened to one person, in order."""
