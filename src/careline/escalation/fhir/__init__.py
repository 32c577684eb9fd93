"""An escalation as FHIR R4 resources, for other clinical systems (docs/guides/fhir.md has the mapping)."""
