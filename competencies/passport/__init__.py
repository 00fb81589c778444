"""A person's passport: what they hold, to read, to keep, to have signed, and to show to whom they choose.

It belongs to the person: nothing here asks where they work.
"""
