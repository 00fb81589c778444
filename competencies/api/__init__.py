"""What programs may ask of this room, in the name of one person: frameworks, requirements, practice and tokens.

Rights, queries and actions are those of the pages. What stands here is the shape of questions and answers; config
puts the parts of all rooms together.
"""
