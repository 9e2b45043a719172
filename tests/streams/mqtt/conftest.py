from tests.mosquitto import mosquitto, secure

__all__ = ["mosquitto", "secure"]
