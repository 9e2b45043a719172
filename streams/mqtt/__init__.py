"""heed on an MQTT broker: media and questions in, events out."""
