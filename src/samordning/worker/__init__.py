"""Disposable processes for what strangers send: SPARQL and RDF are parsed and run only here."""
