"""Word, Excel and PowerPoint until 2007, and whatever else comes as a compound file."""

from media.checks import compound
from media.checks.job import Job, Refused
from media.checks.office import inspect_carried


def look(job: Job) -> None:
    with compound.opened(job.file) as ole:
        key = compound.kind_of(ole)
        if ole.exists("EncryptedPackage"):
            raise Refused("encrypted")
    job.is_a(key)
    compound.inspect(job.file, inspect_carried)
    job.line("content", True)
    job.line("readable", True)
