"""Readiness: the state of every gate on every day, as of that day, and what it makes of each launch.

`launch` knows the days of a promotion, `state` what a gate was on a day; each kind of gate has a module that returns its
states; `verdict` makes one verdict of them; `filling` writes all of it into a snapshot.
"""
