"""Wire format of calls, results and errors between an agent and a broker, and in stores."""
