"""Where things are printed: results on stdout, everything else on stderr."""

from __future__ import annotations

from clusterplan.report.fitting import FittingConsole

out = FittingConsole(highlight=False)
err = FittingConsole(stderr=True, highlight=False)
