"""The app. Streamlit is imported here, in `app.py`, `main.py` and `pages/`, and nowhere else."""

from aspromised.app.serve import serve

__all__ = ["serve"]
