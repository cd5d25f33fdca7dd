"""The map of people: arrays, camera and painters. Imported when the graph page first opens."""
