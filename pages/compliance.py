"""Compliance: what marketing reads before a claim is repeated."""

from aspromised.app.pages import show

show("compliance")
