"""The models: what there is, where it comes from, fetching it once, and finding it again."""
