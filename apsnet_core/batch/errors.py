"""Errors of the work on a file, or on a batch of files."""


class BatchError(Exception):
    """The work cannot be done; the message is one sentence that a user can act on."""


class SettingsError(BatchError):
    """An option or setting is invalid."""
