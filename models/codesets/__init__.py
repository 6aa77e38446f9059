"""Code sets: ICD-10-CM with its billable codes, and the shapes of CPT and HCPCS."""
