"""The pipeline: its stages, in order."""

from graphrag_engine.stages.base import Stage

STAGES: tuple[Stage, ...] = ()
