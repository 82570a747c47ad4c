"""The kernel refuses what a decoder has no business with: sockets, other programs, other files.

Our own small filter (seccomp(2), classic BPF) through ctypes; x86-64 and aarch64. A machine whose
kernel does not offer it is told so by `Unavailable`, never passed over in silence.
"""

import ctypes
import errno
import os
import platform
import struct

NO_NEW_PRIVILEGES, SET_FILTER, ALL_THREADS = 38, 1, 1
LOAD, IF_EQUAL, IF_AT_LEAST, IF_SET, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
ALLOW, KILL, REFUSE = 0x7FFF0000, 0x80000000, 0x00050000
NUMBER, MACHINE, FIRST_ARGUMENT = 0, 4, 16  # where they stand in struct seccomp_data
A_THREAD = 0x00010000  # CLONE_THREAD

# (name of the machine for the kernel, number of seccomp(2) there)
MACHINES = {"x86_64": (0xC000003E, 317), "aarch64": (0xC00000B7, 277)}

# Sockets, programs, other processes and the memory and queues shared with them, the kernel's own
# doors (io_uring makes sockets too), and what only root may, should the worker run as root.
COMMON = [424, 425, 426, 427, 428, 429, 430, 431, 432, 433, 434, 438, 440, 442, 443, 447, 448]
OUTSIDE = {
    "x86_64": [
        *(41, 42, 43, 44, 45, 46, 47, 49, 50, 53, 288, 299, 307),
        *(57, 58, 59, 322, 62, 200, 129, 297, 101, 310, 311, 312),
        *(155, 161, 165, 166, 248, 249, 250, 272, 298, 303, 304, 308, 321, 323),
        *(29, 30, 31, 64, 65, 66, 67, 68, 69, 70, 71, 220, 240, 241, 242, 243, 244, 245),
        *(159, 163, 164, 167, 168, 169, 170, 171, 172, 173, 174, 175, 176, 179, 227, 246),
        *(300, 301, 305, 313, 320),
    ],
    "aarch64": [
        *(198, 199, 200, 201, 202, 203, 206, 207, 211, 212, 242, 243, 269),
        *(221, 281, 129, 130, 138, 240, 117, 270, 271, 272),
        *(39, 40, 41, 51, 97, 217, 218, 219, 241, 264, 265, 268, 280, 282),
        *range(180, 198),
        *(60, 89, 104, 105, 106, 112, 142, 161, 162, 170, 171, 224, 225, 262, 263, 266, 273, 294),
    ],
}
# Everything that takes a path or makes a file: what is needed then is open already.
PATHS = {
    "x86_64": [
        *(2, 85, 257, 437, 76, 82, 83, 84, 86, 87, 88, 90, 92, 94, 133, 188, 189, 235),
        *(258, 259, 260, 261, 263, 264, 265, 266, 268, 280, 316, 319),
        *(80, 132, 134, 197, 198, 254, 452, 463, 466),
    ],
    "aarch64": [
        *(5, 6, 14, 15, 27, 33, 34, 35, 36, 37, 38, 45, 49, 53, 54, 56, 88, 276, 279, 437),
        *(452, 463, 466),
    ],
}
CLONE = {"x86_64": 56, "aarch64": 220}
TO_ONESELF = {"x86_64": (234, 302), "aarch64": (131, 261)}  # tgkill(own pid), prlimit64(0)
CLONE3 = 435


class Unavailable(Exception):
    """This kernel or machine does not let us set a filter."""


def refuse_outside() -> None:
    """From now on no socket, no program, no other process; threads are let."""
    machine = _machine()
    own_signal, own_limits = TO_ONESELF[machine]
    code = _refuse(COMMON + OUTSIDE[machine])
    code += _step(IF_EQUAL, CLONE3, 0, 1) + _step(RETURN, REFUSE | errno.ENOSYS)
    code += _only_if(CLONE[machine], IF_SET, A_THREAD)
    code += _only_if(own_signal, IF_EQUAL, os.getpid())
    code += _only_if(own_limits, IF_EQUAL, 0)
    _set(machine, code)


def refuse_paths() -> None:
    """From now on nothing can be opened, made, renamed or deleted."""
    machine = _machine()
    _set(machine, _refuse(PATHS[machine]))


def _machine() -> str:
    machine = platform.machine()
    if machine not in MACHINES or struct.calcsize("P") != 8:
        raise Unavailable(machine)
    return machine


def _step(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("HBBI", code, if_true, if_false, value)


def _refuse(numbers: list[int]) -> bytes:
    refusal = _step(RETURN, REFUSE | errno.EPERM)
    return b"".join(_step(IF_EQUAL, number, 0, 1) + refusal for number in numbers)


def _only_if(number: int, comparison: int, value: int) -> bytes:
    """The call `number` passes only where its first argument compares so."""
    return (
        _step(IF_EQUAL, number, 0, 4)
        + _step(LOAD, FIRST_ARGUMENT)
        + _step(comparison, value, 1, 0)
        + _step(RETURN, REFUSE | errno.EPERM)
        + _step(RETURN, ALLOW)
    )


def _set(machine: str, rules: bytes) -> None:
    audit, seccomp = MACHINES[machine]
    start = _step(LOAD, MACHINE) + _step(IF_EQUAL, audit, 1, 0) + _step(RETURN, KILL)
    start += _step(LOAD, NUMBER)
    if machine == "x86_64":  # the same calls under the numbers of x32
        start += _step(IF_AT_LEAST, 0x40000000, 0, 1) + _step(RETURN, REFUSE | errno.EPERM)
    code = start + rules + _step(RETURN, ALLOW)
    kept = ctypes.create_string_buffer(code, len(code))
    program = struct.pack("HxxxxxxP", len(code) // 8, ctypes.addressof(kept))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0):
        raise Unavailable(os.strerror(ctypes.get_errno()))
    if libc.syscall(seccomp, SET_FILTER, ALL_THREADS, program):
        raise Unavailable(os.strerror(ctypes.get_errno()))
