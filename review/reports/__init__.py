"""Reports: turn-around and integrity, the matrix log, yearly metrics, what is missing by office, and how far two people agree."""
