"""Opens a plan's GeoPackage in QGIS without a window, as a planner does, and tells what its styles draw.

/usr/bin/python3 tests/qgis_draws.py plan.gpkg picture.png      needs Debian's python3-qgis
"""

import json
import os
import sys

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from qgis.core import (  # type: ignore[import-not-found]
    Qgis,
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsProject,
    QgsRectangle,
    QgsRenderContext,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QSize  # type: ignore[import-not-found]
from qgis.PyQt.QtGui import QColor  # type: ignore[import-not-found]

NAMES = ("firms", "supply", "links", "parks")  # the first on top


def drawn(layer):
    """Return how many features have a place, and how many of them a rule of the layer's own style draws."""
    renderer = layer.renderer()
    inner = renderer.embeddedRenderer() if renderer.type() == "pointDisplacement" else renderer
    context = QgsRenderContext()
    inner.startRender(context, layer.fields())
    placed = [feature for feature in layer.getFeatures() if not feature.geometry().isNull()]
    found = 0
    for feature in placed:
        context.expressionContext().setFeature(feature)
        found += inner.willRenderFeature(feature, context)
    inner.stopRender(context)
    return {"type": renderer.type(), "inner": inner.type(), "placed": len(placed), "drawn": found}


def render(layers, file):
    crs = QgsCoordinateReferenceSystem("EPSG:3857")
    shown = QgsRectangle()
    for layer in (layers["parks"], layers["firms"]):
        way = QgsCoordinateTransform(layer.crs(), crs, QgsProject.instance())
        shown.combineExtentWith(way.transformBoundingBox(layer.extent()))
    shown.scale(1.15)
    settings = QgsMapSettings()
    settings.setLayers(list(layers.values()))
    settings.setBackgroundColor(QColor("white"))
    settings.setDestinationCrs(crs)
    settings.setOutputSize(QSize(1100, 760))
    settings.setExtent(shown)
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    job.renderedImage().save(file)


def main(package, picture):
    application = QgsApplication([], False)
    application.initQgis()
    layers = {name: QgsVectorLayer(f"{package}|layername={name}", name, "ogr") for name in NAMES}
    told = {name: drawn(layer) for name, layer in layers.items()}
    render(layers, picture)
    print(json.dumps({"version": Qgis.version(), "layers": told}))
    del layers
    application.exitQgis()


if __name__ == "__main__":
    main(*sys.argv[1:])
