"""What the clock and events start. These files only wire: what a task does is a function of ``pipeline``."""
