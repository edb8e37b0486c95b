"""The pipeline: its stages, in order."""

from graphrag_engine.stages import (
    chunk,
    compare,
    extract,
    merge,
    names,
    partition,
    refine,
    report,
    resolve,
    survey,
    vectorize,
)
from graphrag_engine.stages.base import Stage

STAGES: tuple[Stage, ...] = (
    chunk.STAGE,
    survey.STAGE,
    extract.STAGE,
    names.STAGE,
    compare.STAGE,
    resolve.STAGE,
    merge.STAGE,
    partition.STAGE,
    refine.STAGE,
    report.STAGE,
    vectorize.STAGE,
)
