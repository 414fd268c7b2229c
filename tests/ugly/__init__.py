"""What goes wrong outside goes well inside: odd input, other people's rows, attacks, two at once.

These tests walk the list "Bad input, at least" from end to end over HTTP. What other tests prove
already is not repeated here:

- empty, binary, wrongly encoded or huge files, a cell that is too large, columns without end, formula
  cells and their escaped export: ``tests/leads/test_import_pages.py``
- double click on accept, by page and by service: ``tests/feedback/test_queue_pages.py``,
  ``tests/feedback/test_decisions.py``; two who accept at once, by service: ``tests/feedback/test_races.py``
- a decision on a closed handoff, by service: ``tests/feedback/test_decisions.py``
- trees 100 and 100,000 deep, by the parser: ``tests/rules/test_tree.py``; in a draft's scope:
  ``tests/alignment/test_lifecycle.py``
- the hour that spring skips and autumn repeats, in working time: ``tests/feedback/test_business_time.py``
- sign-in: the same answer for everybody, the lock, ``next``: ``tests/users/test_sign_in.py``; links that
  were used or are too old: ``tests/users/test_invitations.py``, ``tests/users/test_set_up.py``
- tokens are shown once and kept as a hash: ``tests/users/test_tokens.py``
"""
