"""The local folder of files: a name is there with all its bytes, or not at all."""

import errno
import os
import shutil
import tempfile
from pathlib import Path

from django.core.files import File
from django.core.files.storage import FileSystemStorage


class Folder(FileSystemStorage):
    """Names say what is in them, so saving one again changes nothing that a reader sees."""

    def insist_on_room(self, least: int) -> None:
        """Raises OSError when nothing can be written, or fewer bytes than `least` are free."""
        folder = Path(self.location)
        folder.mkdir(parents=True, exist_ok=True)
        if not os.access(folder, os.W_OK):
            raise PermissionError(folder)
        if shutil.disk_usage(folder).free < least:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(folder))

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        return name

    def _save(self, name: str, content: File) -> str:
        path = Path(self.path(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", delete=False)  # noqa: SIM115  closed below, before it gets its name
        try:
            with beside:
                shutil.copyfileobj(content, beside, 1024 * 1024)
                beside.flush()
                os.fsync(beside.fileno())
            Path(beside.name).chmod(0o640)
            Path(beside.name).replace(path)
        except BaseException:
            Path(beside.name).unlink(missing_ok=True)
            raise
        return name
