"""Plugins in child processes: what hangs, dies or eats memory there concerns nobody else."""
