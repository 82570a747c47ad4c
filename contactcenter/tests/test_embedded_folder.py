"""What one installation keeps in var/, and what nobody may take from it."""

import stat
from pathlib import Path

import pytest

from contactcenter.embedded.folder import SOCKET_PATH_LIMIT, Folder, make_socket_folder
from contactcenter.embedded.trouble import Trouble


def test_two_supervisors_never_share_a_folder(tmp_path: Path) -> None:
    with (
        Folder(tmp_path).held(),
        pytest.raises(Trouble, match="running already"),
        Folder(tmp_path).held(),
    ):
        pytest.fail("both hold it")
    with Folder(tmp_path).held():
        pass


def test_the_secrets_are_made_once_and_for_the_owner_only(tmp_path: Path) -> None:
    secrets = Folder(tmp_path).secrets()
    assert Folder(tmp_path).secrets() == secrets
    assert stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode) == 0o600
    assert len(secrets["SECRET_KEY"]) >= 50


def test_a_damaged_memory_is_said(tmp_path: Path) -> None:
    (tmp_path / "servers.json").write_text('{"redis": ')
    with pytest.raises(Trouble, match=r"servers\.json is damaged"):
        Folder(tmp_path).read("servers.json")


def test_fresh_erases_what_is_ours_and_nothing_else(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    with folder.held():
        folder.secrets()
        (tmp_path / "postgres").mkdir()
        (tmp_path / "mail" / "1.eml").write_text("Hello Lucía")
        (tmp_path / "thesis.txt").write_text("somebody's VAR_DIR was their home")
        folder.erase()
    kept = {path.name for path in tmp_path.rglob("*") if path.is_file()}
    assert kept == {"thesis.txt", "lock"}


def test_sockets_have_a_short_way_whatever_the_environment_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    far = tmp_path / ("far" * 30)
    far.mkdir()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(far))
    folder = make_socket_folder(None)
    try:
        assert len(str(folder / ".s.PGSQL.5432.lock")) <= SOCKET_PATH_LIMIT
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    finally:
        folder.rmdir()
