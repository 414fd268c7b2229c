"""Parts that the answers of several apps share."""

from typing import Any

from rest_framework import serializers


class Named(serializers.Serializer[Any]):
    """A person, team or other thing by id and name."""

    id = serializers.IntegerField()
    name = serializers.CharField()
