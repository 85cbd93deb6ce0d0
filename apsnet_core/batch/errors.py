"""Why a file, or a batch of them, has no result."""


class BatchError(Exception):
    """It cannot be done; the message is one sentence that a user can act on."""


class SettingsError(BatchError):
    """It was asked for in a way that cannot be meant."""
