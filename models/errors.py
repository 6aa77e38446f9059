"""Why a document cannot go on.

::

    IntakeError                      code                     permanent  exit
    |-- DocumentError
    |   |-- EmptyFile                empty_file               yes        1
    |   |-- UnsupportedFile          unsupported_file         yes        1
    |   |-- DamagedFile              damaged_file             yes        1
    |   |-- EncryptedFile            encrypted_file           yes        1
    |   |-- TooLarge                 too_large                yes        1
    |   |-- InaccessibleFile         inaccessible_file        yes        1
    |   |-- EngineFailure            engine_failure           yes        1
    |   `-- ReadingFailed            reading_failed           yes        1
    |       |-- ReaderStopped        reader_stopped           no         1
    |       |-- ReadingTimedOut      reading_timed_out        no         1
    |       `-- OutOfMemory          out_of_memory            yes        1
    |-- ReaderUnavailable            reader_unavailable       no         1
    |-- EngineUnavailable            engine_unavailable       no         1
    |-- StorageUnavailable           storage_unavailable      no         1
    |-- SourceChanged                source_changed           yes        1
    |-- WorkLost                     work_lost                yes        1
    |-- TargetUnavailable            target_unavailable       no         1
    |-- DeliveryRefused              delivery_refused         yes        1
    |-- SealBroken                   seal_broken              yes        1
    |-- AccountRefused               account_refused          yes        1
    |-- ImportRefused                import_refused           yes        1
    `-- ConfigurationError           configuration            yes        2

A missing or bad field is a gap and a bad page is a page problem; neither is an exception. No message holds a value from a
form or the name of an arriving file.
"""

from __future__ import annotations

from typing import ClassVar


class IntakeError(Exception):
    """The root of all errors of ours.

    Class attributes: ``code`` is stable and safe to log; ``permanent`` says that trying again cannot help; ``exit_code`` is
    what a command ends with; ``next_step`` tells the operator what to do.
    """

    code: ClassVar[str] = "intake_error"
    permanent: ClassVar[bool] = True
    exit_code: ClassVar[int] = 1
    next_step: ClassVar[str] = "See the guide, section Troubleshooting."

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.reason} {self.next_step}"


class DocumentError(IntakeError):
    """The file itself cannot be read."""

    code = "document_error"


class EmptyFile(DocumentError):
    """The file has no bytes, or no pages."""

    code = "empty_file"
    next_step = "Ask the sender to fax it again."


class UnsupportedFile(DocumentError):
    """The bytes are none of PDF, TIFF, PNG or JPEG."""

    code = "unsupported_file"
    next_step = "Convert it to PDF or TIFF and drop it into the inbox again."


class DamagedFile(DocumentError):
    """The bytes begin as a known type and cannot be read to the end."""

    code = "damaged_file"
    next_step = "Ask the sender to fax it again."


class EncryptedFile(DocumentError):
    """The PDF needs a password."""

    code = "encrypted_file"
    next_step = "Remove the password and drop the file into the inbox again."


class TooLarge(DocumentError):
    """More pages or pixels than the limits allow."""

    code = "too_large"
    next_step = "Split the file, or raise the limit in the settings if the file is genuine."


class InaccessibleFile(DocumentError):
    """The path names no regular file, or one that we may not read."""

    code = "inaccessible_file"
    next_step = "Give the path of a file that may be read."


class EngineFailure(DocumentError):
    """The OCR engine failed on every page."""

    code = "engine_failure"
    next_step = "Look at the engine where this comes more than once, then run par-intake retry; or look at the document by hand."


class ReadingFailed(DocumentError):
    """Reading was tried as often as the settings allow, and never came to an end."""

    code = "reading_failed"
    next_step = "Look at the document by hand, and keep it as an example of what fails."


class ReaderStopped(ReadingFailed):
    """The process that read the document ended without an answer: killed, out of memory, or a fault in a library."""

    code = "reader_stopped"
    permanent = False


class ReadingTimedOut(ReadingFailed):
    """Reading took longer than the limit for one document."""

    code = "reading_timed_out"
    permanent = False
    next_step = "Raise the time limit in the settings if the document is genuine, or look at it by hand."


class OutOfMemory(ReadingFailed):
    """Reading took more memory than the limit for one process."""

    code = "out_of_memory"
    next_step = "Raise the memory limit in the settings if the document is genuine, or look at it by hand."


class ReaderUnavailable(IntakeError):
    """No process that reads documents can be started now; nothing is wrong with the document."""

    code = "reader_unavailable"
    permanent = False
    next_step = "Free memory, or raise max_memory_bytes; the work is tried again by itself."


class EngineUnavailable(IntakeError):
    """An OCR engine is missing or cannot start."""

    code = "engine_unavailable"
    permanent = False
    next_step = "Install Tesseract 5 or newer, or name its path in the settings."


class StorageUnavailable(IntakeError):
    """A folder or the database cannot be written now."""

    code = "storage_unavailable"
    permanent = False
    next_step = "Free space or bring the share back; the work is tried again by itself."


class TargetUnavailable(IntakeError):
    """A delivery target outside the house gives no answer, or one that says to come back later.

    ``retry_after_s``: how long it asks to be left in peace, in seconds, if it does.
    """

    code = "target_unavailable"
    permanent = False
    next_step = "Bring the target back; deliveries are tried again by themselves, and parked after so many attempts."

    def __init__(self, reason: str, retry_after_s: float | None = None) -> None:
        super().__init__(reason)
        self.retry_after_s = retry_after_s


class DeliveryRefused(IntakeError):
    """A delivery target will not have a record."""

    code = "delivery_refused"
    next_step = "Correct what the target refuses, and run par-intake redeliver."


class SourceChanged(IntakeError):
    """A claimed file was written to or removed while it was read: what was read is of no known bytes, and is read through anew."""

    code = "source_changed"
    next_step = "It is read again. Have senders write under a temporary name, and rename the file when it is complete."


class WorkLost(IntakeError):
    """What a document's way needs lies in the work folder no more, and waiting for it would have no end.

    The document is read through anew, or where nothing of it is left, closed with a record that says so.
    """

    code = "work_lost"
    next_step = "It is read again by itself, as far as it is there; otherwise ask the sender to fax it again."


class SealBroken(IntakeError):
    """A sealed source is not what was sealed: changed, cut short, or put into another document's place."""

    code = "seal_broken"
    next_step = "Take the document's folder from a back-up."


class AccountRefused(IntakeError):
    """What was asked about an account of the desk cannot be: a name that is taken, a password that is too short."""

    code = "account_refused"
    next_step = "Nothing was changed; ask for something else."


class ImportRefused(IntakeError):
    """A file that is to be imported is not as it should be; its message names lines and columns, and no value."""

    code = "import_refused"
    next_step = "Nothing was changed; correct the file, and import it again."


class ConfigurationError(IntakeError):
    """A setting is wrong."""

    code = "configuration"
    exit_code = 2
    next_step = "Correct it and start again."
