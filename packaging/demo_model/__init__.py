"""How the demo model is made: a small Whisper model, trained from nothing on synthetic speech."""
