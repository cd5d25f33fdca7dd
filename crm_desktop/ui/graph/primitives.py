"""Arrays that Qt draws from directly, without a Python object for each line or dot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from shiboken6 import Shiboken

if TYPE_CHECKING:
    from numpy.typing import NDArray


class PrimitiveArray:
    """A growing C array of QLineF (4 fields) or QPainter.PixmapFragment (10 fields).

    Fill `table(count)`, then pass `*arguments(count)` to the painter's call, which reads the
    memory at once.
    """

    def __init__(self, kind: type, fields: int) -> None:
        self._kind = kind
        self._table = np.empty((64, fields), dtype=np.float64)

    def table(self, count: int) -> NDArray[np.float64]:
        """A view of shape (count, fields): one row for each primitive, to be filled."""
        if count > len(self._table):
            self._table = np.empty((count * 5 // 4, self._table.shape[1]), dtype=np.float64)
        return self._table[:count]

    def arguments(self, count: int) -> tuple[Any, int]:
        """The first primitive and how many there are, as Qt's C++ calls want them."""
        return Shiboken.wrapInstance(self._table.ctypes.data, self._kind), count
