"""The sample newsroom: nine invented publishers that tell the AI cloud war over real HTTP on loopback.

The publishers and their people are invented and so is what the articles without a deal report; the deals are real
(dates, parties and sums), the sentences about them were written for this package.
"""

from pipeline.demo.server import Newsroom

__all__ = ["Newsroom"]
