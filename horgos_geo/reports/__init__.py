"""From notebooks to HTML files: papermill, pages, the index, the route finder, sweeps."""
