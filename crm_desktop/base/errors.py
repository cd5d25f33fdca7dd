"""The two error families: the world's fault, said to the person, and everything else, ours."""

from __future__ import annotations


class UserError(Exception):
    """Something in the person's world (a file, the disk, an input) that they can put right.

    `str(error)` is one sentence that says what happened and what to do; it is shown as it is.
    """


class InvalidInput(UserError, ValueError):  # noqa: N818 - an input, not the program, is at fault
    """A value that the person gave and that cannot be taken as it is."""


class Cancelled(Exception):  # noqa: N818 - an outcome, not an error
    """The person, or a newer request, asked the running job to stop."""
