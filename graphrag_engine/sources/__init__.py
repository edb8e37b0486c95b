"""Reading sources: files, folders, patterns, addresses and archives → the table of documents.

`reading` is the door. What is foreign and intricate is read in a process of its own (`apart`, `child`), which loads
nothing of this package that it does not need.
"""
