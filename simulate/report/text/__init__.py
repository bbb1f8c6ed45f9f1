"""The words of every answer: numbers, dates, phrases, citations; each phrase once."""
