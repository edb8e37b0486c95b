"""`python -m graphrag_engine` is the command `graphrag-engine`."""

from graphrag_engine.cli import main

main()
