"""The sample company: a made-up firm with people, leads, an agreement and months of sales work.

Nothing here is real: names are put together from lists, web domains end in the reserved ``.example``
and telephone numbers come from the ranges that regulators keep free for films. Everything is written
through the services that real data takes; ``truth`` says what sales really buys into, and where
the first definition is wrong about it.
"""
