"""Trees in Spark's words, what authors may say there, and the session that is asked."""
