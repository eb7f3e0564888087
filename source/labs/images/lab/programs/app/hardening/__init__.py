"""What makes the application survive the spike, each behind a switch that is off at first."""
