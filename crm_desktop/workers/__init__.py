"""Background work: lanes of jobs, the bus of changes, and the pipeline of derived data.

QtCore only. A job is a plain callable `job(ctx)`; it runs on the thread of a lane, and everything
that a listener hears of it is heard on the GUI thread.
"""
