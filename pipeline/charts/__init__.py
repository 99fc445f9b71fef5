"""Charts for slides: events over time, who finances and supplies whom, chips committed. Altair draws them here."""

from pipeline.charts.alliances import alliances
from pipeline.charts.chips import chips
from pipeline.charts.output import check_format, save, to_png
from pipeline.charts.timeline import timeline

CHARTS = {"timeline": timeline, "alliances": alliances, "chips": chips}

__all__ = ["CHARTS", "alliances", "check_format", "chips", "save", "timeline", "to_png"]
