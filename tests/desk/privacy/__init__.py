"""Personal data: disclosed, exported, erased."""
