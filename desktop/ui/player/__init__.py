"""The player under the text: sound, picture and waveform of the file that is shown."""
