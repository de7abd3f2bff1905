"""Which disks tell of every change that is made to them."""

from pathlib import Path

import pytest

from runsite.live.disks import Mount, read_mounts, tell_all

DISK = Mount("/", "ext4")


@pytest.mark.parametrize(
    ("mounts", "is_told"),
    [
        ([DISK], True),
        ([], False),
        ([DISK, Mount("/data", "nfs4")], False),
        ([Mount("/", "overlay"), Mount("/data", "xfs")], True),
        ([DISK, Mount("/data/runs/far", "nfs4")], False),
        ([DISK, Mount("/data/runs-far", "nfs4")], True),
        ([DISK, Mount("/data", "ext4"), Mount("/data", "fuse.sshfs")], False),
        ([DISK, Mount("/data", "fuse.sshfs"), Mount("/data", "ext4")], True),
    ],
)
def test_disk_that_is_nearest_and_those_below_decide(mounts: list[Mount], is_told: bool) -> None:
    assert tell_all([Path("/data/runs")], mounts) is is_told


def test_one_folder_on_a_network_disk_spoils_all() -> None:
    mounts = [DISK, Mount("/far", "nfs4")]

    assert tell_all([Path("/near")], mounts)
    assert not tell_all([Path("/near"), Path("/far/runs")], mounts)


def test_link_is_judged_by_where_it_leads(tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    (tmp_path / "runs").symlink_to(tmp_path / "far")

    assert not tell_all([tmp_path / "runs"], [DISK, Mount(str(tmp_path.resolve() / "far"), "nfs4")])


def test_mounts_are_read_as_the_kernel_writes_them(tmp_path: Path) -> None:
    (tmp_path / "mountinfo").write_text(
        "27 1 254:0 / / rw,relatime - ext4 /dev/vda rw\n"
        "36 27 0:5 /x /my\\040runs rw master:1 shared:2 - nfs4 host:/x rw\n"
        "no such line\n"
    )

    assert read_mounts(tmp_path / "mountinfo") == [DISK, Mount("/my runs", "nfs4")]


def test_system_that_lists_no_mounts_tells_of_nothing_for_certain(tmp_path: Path) -> None:
    assert read_mounts(tmp_path / "none") == []
