"""Coverage: people who meet an expectation out of those who have it, on a day. The reporting package.

queries.py counts, disclosure.py protects small groups, tables.py shapes; charts.py and exports.py show one table.
"""
