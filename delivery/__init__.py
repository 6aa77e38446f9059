"""Delivery of records to where others pick them up. A target is one file in ``delivery/sinks/``."""
