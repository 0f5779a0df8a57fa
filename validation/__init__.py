"""Fits and checks the estimator on people whose angles are known; posture/ never imports it."""
