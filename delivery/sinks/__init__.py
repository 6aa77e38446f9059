"""The delivery targets. Each module here has a ``NAME`` and a ``build`` as :mod:`delivery.registry` describes."""
