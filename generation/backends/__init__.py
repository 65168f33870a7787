"""Engines that turn one shot into frames: no Django in here, torch and diffusers only in here."""
