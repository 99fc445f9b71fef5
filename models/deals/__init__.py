"""From mentions to deals: context, features, scores, assembly."""
