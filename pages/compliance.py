"""Compliance: what marketing reads before a claim is repeated."""

from aspromised.app.pages import show_page

show_page("compliance")
